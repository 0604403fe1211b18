"""Asking whoever typed a command before it does what can't be taken back."""


def agreed(question: str) -> bool:
    """Return whether somebody typed `y`. Where nobody can answer (cron, `exec -T`), that is a no."""
    try:
        return input(f"{question} [y/N] ").strip().lower() == "y"
    except EOFError:
        return False
