/** What the wire does to those who may not, with real sockets and a real broker. */
package dev.dsg.platform.security;
