"""python -m buyer_simulator"""

import sys

from buyer_simulator.launch import main

if __name__ == "__main__":
    sys.exit(main())
