# SPDX-License-Identifier: GPL-3.0-or-later
# Latency against offered load: panels one below the other, points with their intervals.
set rmargin at screen behind(name_width)
top = 48.0
high = (height - top - 76 + 14) / panels
short = x_label
named = 0
do for [i = 1:series] {
    if (label_x[i] == label_x[i]) {
        named = 1
        set label 100 + i name[i] at label_x[i], label_y[i] left offset 0.8, 0 \
            textcolor rgb shade(color[i])
    }
}
if (!named) {
    set key top left Left reverse samplen 3 noenhanced opaque fillcolor rgb '#ffffff'
}
set bars 0.5
set multiplot
do for [p = 1:panels] {
    set tmargin at screen 1 - (top + (p - 1) * high) / height
    set bmargin at screen 1 - (top + p * high - 14) / height
    eval sprintf('low = y%d_low; limit = y%d_high; ticks = y%d_ticks; log_scale = y%d_log', \
                 p, p, p, p)
    eval sprintf('panel_label = y%d_label', p)
    set yrange [low:limit]
    unset logscale y
    if (log_scale) { set logscale y }
    set ytics ()
    eval sprintf('do for [i = 1:ticks] { set ytics add (y%d_tick_text[i] y%d_tick_at[i]) }', p, p)
    set ylabel panel_label textcolor rgb soft
    set xtics ()
    do for [i = 1:x_ticks] { set xtics add ((p < panels ? '' : x_tick_text[i]) x_tick_at[i]) }
    if (p < panels) { unset xlabel } else { set xlabel short textcolor rgb soft }
    plot for [i = int(panel_first[p]):int(panel_last[p])] $data index (i - 1) using 1:2:3:4 \
            with yerrorbars pt 7 ps 0.01 lw 1 lc rgb shade(color[i]) notitle, \
        for [i = int(panel_first[p]):int(panel_last[p])] $data index (i - 1) using 1:2 \
            with linespoints pt 7 ps 0.5 lw 2 lc rgb shade(color[i]) dt pattern(color[i]) \
            title name[i]
    do for [i = 1:series] { unset label 100 + i }
    unset label 1000
    unset label 1001
    set key off
}
unset multiplot
