/**
 * Is there room for it? What an exchange may use is reserved before anything reaches an upstream, and settled when it ends.
 *
 * <p>A handler and its reservation belong to their pipeline; it is the only one that knows a ledger. Ledgers, accounts and
 * meters are shared by all event loops: they neither lock nor wait.
 */
@NullMarked
package headgate.filters.quota;

import org.jspecify.annotations.NullMarked;
