#!/bin/sh
# Builds the front end into dist/: a copy whose scripts and styles carry a hash of their content in their name, so that
# they may be cached for ever and index.html alone decides what a visitor gets.
set -eu

cd "$(dirname "$0")"
building=dist.building
rm -rf "$building"
mkdir "$building"
cp index.html "$building/index.html"

if command -v sha256sum >/dev/null; then sum=sha256sum; else sum="shasum -a 256"; fi

for file in app.js style.css; do
    # In two steps: in a pipe alone, a failing sum would go unnoticed.
    line=$($sum "$file")
    hash=$(printf '%.10s' "$line")
    hashed="${file%.*}.$hash.${file##*.}"
    cp "$file" "$building/$hashed"
    if ! grep -q "\"$file\"" "$building/index.html"; then
        echo "build.sh: index.html does not use $file" >&2
        exit 1
    fi
    sed "s|\"$file\"|\"$hashed\"|" "$building/index.html" >"$building/index.html.new"
    mv "$building/index.html.new" "$building/index.html"
done

rm -rf dist
mv "$building" dist
echo "built $(pwd)/dist"
