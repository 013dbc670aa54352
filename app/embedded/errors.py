class EmbeddedError(RuntimeError):
    """The bundled Postgres cannot be found or cannot run; the message says what to do."""
