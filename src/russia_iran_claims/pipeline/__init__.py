"""From `raw/*.yaml` to published versions and the pages that show them. A step imports only from those before it.

io · schema · texts · annotations · rules · tables · versions · pages · cli
"""
