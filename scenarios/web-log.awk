#!/usr/bin/awk -f
# SPDX-License-Identifier: GPL-3.0-or-later
# Prints the access log behind web.replay.csv: ten minutes of a web shop that does not exist,
# in nginx's combined format with $request_time at the end of the line.  Visitors come in two
# moods (calm, and a rush of four times the rate), look at a few pages, and each page fetches
# its pictures and data at once.  Paths follow Zipf's law.  The numbers are the minimal
# standard generator's, so that every awk prints the same log:
#     awk -f scenarios/web-log.awk | lbsim import nginx - -o web.replay.csv

function draw() { # uniform in (0, 1)
    state = (state * 16807) % 2147483647
    return state / 2147483647
}

function exponential(mean) {
    return -mean * log(draw())
}

function lognormal(mean, cv,    variance) {
    variance = log(1 + cv * cv)
    return mean * exp(sqrt(variance) * sqrt(-2 * log(draw())) * cos(6.283185307 * draw()) \
                      - variance / 2)
}

function zipf(    u, i) {
    u = draw() * zipf_total
    for (i = 1; i < products && u > zipf_share[i]; i++)
        u -= zipf_share[i]
    return i
}

# A request that begins at `at`; nginx writes its line when the reply is done.
function request(at, visitor, path, mean, cv, bytes,    took, done) {
    took = lognormal(mean, cv)
    done = int(at + took)
    if (done >= seconds)
        return
    lines[done] = lines[done] sprintf("10.%d.%d.%d - - [12/Mar/2025:20:%02d:%02d +0000] " \
        "\"GET %s HTTP/1.1\" 200 %d \"-\" \"-\" %.3f\n", visitor / 65536, visitor / 256 % 256,
        visitor % 256, done / 60, done % 60, path, 200 + exponential(bytes), took)
}

function page(at, visitor,    product, pictures, i) {
    if (draw() < 0.06) {
        request(at, visitor, "/search?q=" zipf(), 0.35, 1.2, 20000)
        return
    }
    product = zipf()
    request(at, visitor, "/product/" product, 0.11, 1, 30000)
    request(at + 0.2, visitor, "/api/stock/" product, 0.06, 1.5, 400)
    pictures = int(draw() * 4)
    for (i = 0; i < pictures; i++)
        request(at + 0.25 + 0.05 * i, visitor, "/picture/" product "/" i, 0.02, 0.8, 60000)
}

BEGIN {
    state = 20250312
    seconds = 600
    products = 500
    for (i = 1; i <= products; i++)
        zipf_total += zipf_share[i] = 1 / i
    mood_ends = exponential(40)
    for (at = exponential(1); at < seconds; at += exponential(rush ? 0.45 : 1.8)) {
        while (at > mood_ends) {
            rush = !rush
            mood_ends += exponential(rush ? 12 : 40)
        }
        visitor++
        for (time = at; time < seconds; time += 1 + exponential(9)) {
            page(time, 1000 + visitor)
            if (draw() < 0.25)
                break
        }
    }
    for (i = 0; i < seconds; i++)
        printf "%s", lines[i]
}
