#!/bin/bash
# http-ok.sh PORT PATH: exits with 0 when http://127.0.0.1:PORT/PATH answers 200. Slim images have no curl, and starting
# Node for each look would cost the lab a share of its processor.
exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' "$2" >&3
read -r status <&3
[[ $status == *" 200"* ]]
