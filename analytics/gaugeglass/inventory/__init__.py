"""Who is there: claims and activity merged into assets with identity, facts, role and level."""
