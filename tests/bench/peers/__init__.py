"""The side-by-side measurement of collaboration servers: docs/operate/speed.md says what it found."""
