"""Papers that come in: what any reader gives (`blocks`), and what it means (`interpreting`)."""
