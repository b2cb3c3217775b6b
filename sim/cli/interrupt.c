/* SPDX-License-Identifier: GPL-3.0-or-later
   A thread waits for the signals, which are blocked everywhere else: no code ever runs
   inside a handler, so removing a folder is safe. */
#include "sim/cli/interrupt.h"

#include "sim/cli/command.h"
#include "sim/cli/folder.h"

#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

/* Those that whoever started the program did not ask it to ignore. */
static void interrupt_set(sigset_t *signals)
{
    static const int numbers[] = {SIGINT, SIGTERM};
    sigemptyset(signals);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct sigaction action;
        if (sigaction(numbers[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
            sigaddset(signals, numbers[i]);
    }
}

static int interrupt_status_of(int signal)
{
    return signal == SIGTERM ? STATUS_TERMINATED : STATUS_INTERRUPTED;
}

static void *interrupt_wait(void *context)
{
    struct interrupt *interrupt = context;
    sigset_t signals;
    interrupt_set(&signals);
    for (;;) {
        int signal, none = 0;
        if (sigwait(&signals, &signal) != 0)
            continue;
        if (atomic_compare_exchange_strong(&interrupt->signal, &none, signal)) {
            atomic_store(&interrupt->stop, true);
            continue;
        }
        const char *part = atomic_load(&interrupt->part);
        if (part) {
            folder_remove(part);
            folder_prune(folder_parent(part), atomic_load(&interrupt->made));
        }
        _exit(interrupt_status_of(signal));
    }
}

void interrupt_watch(struct interrupt *interrupt)
{
    sigset_t signals;
    interrupt_set(&signals);
    pthread_t thread;
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    if (pthread_create(&thread, NULL, interrupt_wait, interrupt) == 0)
        pthread_detach(thread);
    else
        pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
}

int interrupt_status(const struct interrupt *interrupt)
{
    int signal = atomic_load(&interrupt->signal);
    return signal ? interrupt_status_of(signal) : STATUS_FINE;
}
