/* SPDX-License-Identifier: GPL-3.0-or-later
   What a picture shows, free of how it is drawn: numbers, texts, ranges and ticks, from a
   report.  svg.h draws charts into pages, gnuplot templates draw them as files. */
#ifndef SIM_REPORT_CHART_H
#define SIM_REPORT_CHART_H

#include "sim/report/facts.h"
#include "sim/report/figure.h"
#include "sim/report/report.h"

enum {
    CHART_PANELS_MAX = 12, /* one below the other, over one x axis */
    CHART_TICKS_MAX = 64,
    CHART_ROWS_MAX = 60    /* of those charts that have a row for each policy or so */
};

enum chart_shape {
    CHART_LINES,   /* curves over x */
    CHART_COLUMNS, /* in each panel a column for each category; `low` is its fair share */
    CHART_FOREST,  /* in each row an estimate x with its interval, low to high */
    CHART_STACK,   /* in each row the x of all series, one behind the other */
    CHART_BULLET,  /* in each row a bar to x and a tick at low */
    CHART_POINTS,  /* points with intervals along y and, by `across`, along x */
    CHART_HEAT     /* in each panel a grid of cells that fills both axes, `columns` to a row, from
                      the lowest row; `low` is what is in one, NaN: nothing */
};

struct chart_point {
    double x, y;      /* of a row or column: its value, and its number */
    double low, high; /* NaN: none */
};

/* An interval along x. */
struct chart_range {
    double low, high;
};

struct chart_series {
    const char *name;
    struct chart_point *points;
    size_t count;
    struct chart_range *across; /* of each point; NULL: none */
    size_t panel;
    size_t color; /* of the policy, the same in all charts; of a part in a stack */
    double label_x, label_y; /* where its name may stand; NaN: nowhere */
    int label_side;          /* -1: the name ends there, 1: it begins there */
};

struct chart_tick {
    double at;
    char text[FIGURE_SIZE];
};

struct chart_axis {
    const char *label; /* with its unit */
    enum figure figure;
    bool log;
    int steps;        /* from tick to tick, about; 0: six.  Of a linear one */
    double low, high; /* low < high; above 0 where log */
    struct chart_tick ticks[CHART_TICKS_MAX];
    size_t tick_count;
};

/* A thin line across all panels, with its name: at x, or at y where `level`. */
struct chart_mark {
    double at;
    bool level;
    const char *text;
};

struct chart {
    const char *name, *title, *caption;
    const char *empty; /* why there is nothing to draw; NULL: there is */
    enum chart_shape shape;
    struct chart_axis x, y[CHART_PANELS_MAX]; /* y: by panel; unused where there are rows */
    struct chart_axis z; /* of cells: what their colours mean */
    size_t columns;      /* of cells */
    const char *panels[CHART_PANELS_MAX];     /* what is said over each; NULL: nothing */
    size_t panel_count;
    const char *const *rows; /* names of the rows, from the top, or of the categories */
    const char *const *notes; /* what stands behind each row; NULL: nothing */
    size_t row_count;
    struct chart_series *series;
    size_t series_count;
    const struct chart_mark *marks;
    size_t mark_count;
    const struct facts_span *spans; /* shaded, where x is time */
    size_t span_count;
    struct arena arena; /* owns everything */
};

struct grid_points;

/* What charts are made from. */
struct chart_source {
    const struct report *report;
    const struct report_heading *heading; /* its facts may be NULL */
    const struct grid_points *sweep; /* the cells of a sweep, beside an empty report; or NULL */
    const char *baseline; /* policy that others are held against; NULL: the first */
    const struct report *against; /* a report whose policies those of the same label are held
                                     against instead; NULL: none */
    const char *against_name;
    bool against_is_paired; /* its replications belong to those of `report` */
};

/* What a kind can show; a sum of them. */
enum chart_of { CHART_OF_RESULT = 1, CHART_OF_SWEEP = 2 };


/* A chart that can be asked for by name. */
struct chart_kind {
    const char *name, *title, *help;
    const char *template; /* scripts/plots/TEMPLATE.gp draws it as a file */
    enum chart_shape shape;
    void (*fill)(struct chart *chart, const struct chart_source *source);
    unsigned of; /* enum chart_of */
};

const struct chart_kind *chart_kind_at(size_t index); /* NULL past the end */
/* Makes one; chart_free it. */
struct chart chart_make(const struct chart_kind *kind, const struct chart_source *source);
void chart_free(struct chart *chart);

/* Where a value lies on an axis, 0 at its low end and 1 at its high one; and back. */
double chart_axis_place(const struct chart_axis *axis, double value);
double chart_axis_value(const struct chart_axis *axis, double place);

#endif
