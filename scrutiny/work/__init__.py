"""Long work: claims with a fence, progress that a page can show, and processes of their own. Knows no room."""
