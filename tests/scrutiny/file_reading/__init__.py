"""The outside world, met with real servers, real files and real print."""
