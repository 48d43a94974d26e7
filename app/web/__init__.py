"""What all pages share: errors and their sentences, formats, parsing of what is typed, language, security headers."""
