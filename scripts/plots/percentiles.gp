# SPDX-License-Identifier: GPL-3.0-or-later
# Latency by percentile; x is 1 / (1 - p), so that each further nine has the same width.
set yrange [y1_low:y1_high]
set logscale y
set ylabel y1_label textcolor rgb soft
set ytics ()
do for [i = 1:y1_ticks] { set ytics add (y1_tick_text[i] y1_tick_at[i]) }

set rmargin at screen behind(name_width)
named = 0
do for [i = 1:series] {
    if (label_x[i] == label_x[i]) {
        named = 1
        set label 100 + i name[i] at label_x[i], label_y[i] left offset 0.8, 0 \
            textcolor rgb shade(color[i])
    }
}
if (!named) {
    set key bottom right Left reverse samplen 3 noenhanced opaque fillcolor rgb '#ffffff'
}
plot for [i = 1:series] $data index (i - 1) using 1:2 with lines lw 2 \
    lc rgb shade(color[i]) dt pattern(color[i]) title name[i]
