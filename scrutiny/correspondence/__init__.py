"""Letters, the e-mails they are posted in, and alerts. Never decides whether a letter is due."""
