"""What one API call does, without any HTTP: single writes, batches, change data capture, replay."""
