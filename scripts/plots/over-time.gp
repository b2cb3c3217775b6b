# SPDX-License-Identifier: GPL-3.0-or-later
# Panels over one axis of time, with faults and membership changes shaded behind.
set rmargin at screen behind(name_width)
top = 48.0
high = (height - top - 76 + 14) / panels
short = x_label
do for [i = 1:spans] {
    wide = span_to[i] > span_from[i]
    set object i rectangle from first span_from[i], graph 0 to \
        first (wide ? span_to[i] : span_from[i] + (x_high - x_low) / 500), graph 1 \
        fillcolor rgb '#f2b632' fillstyle transparent solid 0.3 noborder behind
}
free = x_low
do for [i = 1:spans] {
    width = strlen(span_text[i]) * 0.0095 * (x_high - x_low)
    if (span_from[i] >= free && span_from[i] + width < x_high + 0.1 * (x_high - x_low)) {
        set label 200 + i span_text[i] at first span_from[i], graph 1 left offset 0, 0.5 \
            font ',9' textcolor rgb soft
        free = span_from[i] + width
    }
}
do for [i = 1:series] {
    if (label_x[i] == label_x[i]) {
        set label 100 + i name[i] at label_x[i], label_y[i] left offset 0.8, 0 \
            textcolor rgb shade(color[i])
    }
}
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
    plot for [i = int(panel_first[p]):int(panel_last[p])] $data index (i - 1) using 1:2 \
        with lines lw 2 lc rgb shade(color[i]) dt pattern(color[i]) title name[i]
    do for [i = 1:series] { unset label 100 + i }
    do for [i = 1:spans] { unset label 200 + i }
    unset label 1000
    unset label 1001
}
unset multiplot
