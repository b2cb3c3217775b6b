# SPDX-License-Identifier: GPL-3.0-or-later
# Requests by time and latency: an image for each policy, faults and membership changes as
# dashed lines.  Images want straight axes, so y is the logarithm.  Viewers of SVG smooth images,
# so each cell is several pixels.
set rmargin at screen 0.89
unset grid
set palette maxcolors 7 defined (0 '#dceaf6', 1 '#b5d3ea', 2 '#84b6db', 3 '#5094c6', \
                                 4 '#2a70a9', 5 '#134d83', 6 '#072c52')
set logscale cb
set cbrange [z_low:z_high]
set cbtics ()
do for [i = 1:z_ticks] { set cbtics add (z_tick_text[i] z_tick_at[i]) }
set cblabel z_label textcolor rgb soft
top = 44.0
head = 34.0
high = (height - top - 76) / panels
short = x_label
free = x_low
do for [i = 1:spans] {
    width = strlen(span_text[i]) * 0.0095 * (x_high - x_low)
    if (span_from[i] >= free && span_from[i] + width < x_high + 0.1 * (x_high - x_low)) {
        set label 200 + i span_text[i] at first span_from[i], graph 1 left offset 0, 0.4 \
            font ',9' textcolor rgb soft
        free = span_from[i] + width
    }
}
# A dashed line on a white one is seen on any colour.
do for [i = 1:spans] {
    do for [end = 0:1] {
        at = end ? span_to[i] : span_from[i]
        k = 4 * i + 2 * end
        set arrow k from at, graph 0 to at, graph 1 nohead front lw 2.4 lc rgb 'white'
        set arrow k + 1 from at, graph 0 to at, graph 1 nohead front lw 1 dt 2 lc rgb 'black'
    }
}
pixels = 5
stats $data index 0 using 1 nooutput
array cell[int(STATS_records)]
lines = int(STATS_records) / columns
place(value, low, high, n) = int(n * (value - low) / (high - low))
set multiplot
do for [p = 1:panels] {
    set tmargin at screen 1 - (top + (p - 1) * high + head) / height
    set bmargin at screen 1 - (top + p * high) / height
    eval sprintf('low = y%d_low; limit = y%d_high; ticks = y%d_ticks', p, p, p)
    eval sprintf('panel_label = y%d_label', p)
    set yrange [log10(low):log10(limit)]
    set ytics ()
    eval sprintf('do for [i = 1:ticks] { ' . \
                 'set ytics add (y%d_tick_text[i] log10(y%d_tick_at[i])) }', p, p)
    set ylabel panel_label textcolor rgb soft
    set xtics ()
    do for [i = 1:x_ticks] { set xtics add ((p < panels ? '' : x_tick_text[i]) x_tick_at[i]) }
    if (p < panels) { unset xlabel } else { set xlabel short textcolor rgb soft }
    set label 1 panel_title[p] at graph 0, graph 1 left offset 0, spans > 0 && p == 1 ? 1.4 : 0.6 \
        font ',11'
    k = 0
    stats $data index (p - 1) using (k = k + 1, cell[k] = $3, $1) nooutput
    a = log10(low)
    b = log10(limit)
    w = 0.5 * (x_high - x_low) / (columns * pixels)
    h = 0.5 * (b - a) / (lines * pixels)
    set samples columns * pixels, lines * pixels
    set isosamples columns * pixels, lines * pixels
    plot sample [u = x_low + w:x_high - w] [v = a + h:b - h] '++' using 1:2:(cell[1 + \
         place($1, x_low, x_high, columns) + columns * place($2, a, b, lines)]) \
         with image notitle
    do for [i = 1:spans] { unset label 200 + i }
    unset label 1000
    unset label 1001
    unset colorbox
}
unset multiplot
