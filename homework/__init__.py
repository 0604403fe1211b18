"""Activities, pathways, the timed-send engine, answers and feedback. See README.md."""
