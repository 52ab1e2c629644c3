"""The office's OpenID Connect provider: asked, and believed only after everything was checked."""
