# SPDX-License-Identifier: GPL-3.0-or-later
# Cost against latency: points with both intervals; the cells of a sweep are joined.
set rmargin at screen 0.965
set yrange [y1_low:y1_high]
if (y1_log) { set logscale y }
set ylabel y1_label textcolor rgb soft
set ytics ()
do for [i = 1:y1_ticks] { set ytics add (y1_tick_text[i] y1_tick_at[i]) }
named = 0
do for [i = 1:series] {
    if (label_x[i] == label_x[i]) {
        named = 1
        if (label_side[i] < 0) {
            set label 100 + i name[i] at label_x[i], label_y[i] right offset -1, 0.5 \
                textcolor rgb shade(color[i]) front
        } else {
            set label 100 + i name[i] at label_x[i], label_y[i] left offset 1, 0.5 \
                textcolor rgb shade(color[i]) front
        }
    }
}
if (!named) {
    set key top right Left reverse samplen 3 noenhanced opaque fillcolor rgb '#ffffff'
}
set bars 0.5
plot for [i = 1:series] $data index (i - 1) using 1:2 with lines lw 1.5 \
         lc rgb shade(color[i]) dt pattern(color[i]) title name[i], \
     for [i = 1:series] $data index (i - 1) using 1:2:3:4 with yerrorbars pt 7 ps 0.01 lw 1.5 \
         lc rgb shade(color[i]) notitle, \
     for [i = 1:series] $data index (i - 1) using 1:2:5:6 with xerrorbars pt 7 ps 0.01 lw 1.5 \
         lc rgb shade(color[i]) notitle, \
     for [i = 1:series] $data index (i - 1) using 1:2 with points pt 7 ps 0.9 \
         lc rgb shade(color[i]) notitle
