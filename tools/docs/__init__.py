"""Generators of the documentation: tables, transcripts, figures and the site.

    python -m tools.docs    # the tables and diagrams, drawn from code

`generated` lists what stands in the pages, and each module draws what one of them shows: `emulator`,
`settings`, `org_features`, `plan`, `status`, `report`, `public_api`. `counts` is what the tests tried,
`story` a newcomer's way, as transcripts and as a picture, `site` the pages as a site. `blocks` knows where in
a page something goes.
"""
