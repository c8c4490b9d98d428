#!/bin/sh
# The dependencies of all images with Node programs of ours, of which package.json has many more. One list, and so one layer
# that the images have in common: it is made, kept and fetched once. Versions are those of the lock file,
# which a checkout has and a package has not: there, only those of the dependencies themselves are fixed.
set -e
node keep-dependencies.cjs @fastify/websocket decimal.js fastify pg pino prom-client re2js ws zod
npm install --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error
# What nobody reads in an image: documents, sources of what is compiled, types.
find node_modules -type f \( -name '*.md' -o -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete
