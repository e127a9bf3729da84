select archive from engine where sha256 = %(sha256)s;
