"""Companies to start with."""
