"""Files in and out: CSV in the encodings people have, and XLSX."""
