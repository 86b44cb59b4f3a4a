/** Names of objects in the store, their digests, and the layout of the bucket. */
package dev.dsg.contracts.store;
