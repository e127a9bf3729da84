select stated from policy where sha256 = %(sha256)s;
