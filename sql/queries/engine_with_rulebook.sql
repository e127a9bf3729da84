select archive from engine where rulebook_sha256 = %(sha256)s order by first_seen_at limit 1;
