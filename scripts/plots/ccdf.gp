# SPDX-License-Identifier: GPL-3.0-or-later
# The share of requests above each latency, with percentiles and time-outs marked.
set yrange [y1_low:y1_high]
set logscale y
set ylabel y1_label textcolor rgb soft
set ytics ()
do for [i = 1:y1_ticks] { set ytics add (y1_tick_text[i] y1_tick_at[i]) }

do for [i = 1:marks] {
    if (mark_level[i]) {
        set arrow i from graph 0, first mark_at[i] to graph 1, first mark_at[i] nohead \
            lc rgb soft lw 0.7 dt 3
        set label i mark_text[i] at graph 0.005, first mark_at[i] offset 0, 0.45 font ',9' \
            textcolor rgb soft
    } else {
        set arrow i from first mark_at[i], graph 0 to first mark_at[i], graph 1 nohead \
            lc rgb 'black' lw 1 dt 2
        set label i mark_text[i] at first mark_at[i], graph 1 center offset 0, 0.6 font ',9'
    }
}
do for [i = 1:series] {
    if (label_x[i] == label_x[i]) {
        if (label_side[i] < 0) {
            set label 100 + i name[i] at label_x[i], label_y[i] right offset -0.8, 0 \
                textcolor rgb shade(color[i]) front boxed
        } else {
            set label 100 + i name[i] at label_x[i], label_y[i] left offset 0.8, 0 \
                textcolor rgb shade(color[i]) front boxed
        }
    }
}
set key at graph 0.09, graph 0.06 left bottom Left reverse samplen 3 noenhanced \
    opaque fillcolor rgb '#ffffff' noautotitle
plot for [i = 1:series] $data index (i - 1) using 1:2 with lines lw 2 \
    lc rgb shade(color[i]) dt pattern(color[i]) title name[i]
