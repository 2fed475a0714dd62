/** The two forms of append, and the requests that drop events: trim and delete. Asks the log, shapes its verdicts. */
package celeriant.gateway.append;
