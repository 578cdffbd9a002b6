#!/bin/sh
# Prints the first Python >= 3.11 on the PATH; plain python3 where there is none, so that install.py says what is missing.
for name in python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null 2>&1 &&
        "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        echo "$name"
        exit 0
    fi
done
echo python3
