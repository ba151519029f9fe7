"""Backup, restore, health, job runs and the administrator's machine page."""
