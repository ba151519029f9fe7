"""What may be changed without changing code: settings, methods, powers, kinds, services, holidays. Imports nothing of ours."""
