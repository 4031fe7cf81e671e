"""python -m quickbooks_simulator"""

import sys

from quickbooks_simulator.launch import main

if __name__ == "__main__":
    sys.exit(main())
