"""Evidence: files, site visits and telephone checks that show what was claimed."""
