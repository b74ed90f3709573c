#!/bin/sh
# Written by "marina.sh export cloudflare". Brings the public files to R2; what it has brought there before is left out, because
# the name of a file in the bucket begins with a mark of its content. Run it before "wrangler deploy".
#   WRANGLER     how to call wrangler          default: npx wrangler
#   MARINA_BASE  the folder of the instance    default: the working folder
set -eu
done="$(cd "$(dirname "$0")" && pwd)/uploaded.txt"
cd "${MARINA_BASE:-.}"
touch "$done"

put() { # BUCKET/KEY FILE TYPE
  if grep -qxF -- "$1" "$done"; then
    return 0
  fi
  ${WRANGLER:-npx wrangler} r2 object put "$1" --remote --file "$2" ${3:+--content-type "$3"} </dev/null
  printf '%s\n' "$1" >>"$done"
}

