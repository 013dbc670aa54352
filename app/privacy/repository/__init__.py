"""What is held about a client, read from the tables of every room; this room writes none."""
