"""The shipped library: activities and pathways as one JSON file each, their schemas, and the code that reads them.

Nothing here knows Django. What reading finds wrong is told with file, page and block. The verb that brings the
pieces into a practice is `homework.domain.stocking`.
"""
