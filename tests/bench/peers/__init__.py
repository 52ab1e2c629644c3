"""The side-by-side measurement of collaboration servers: docs/decisions/0011-turns.md says what it found."""
