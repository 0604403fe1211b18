"""Pages: the desk's and the portal's."""
