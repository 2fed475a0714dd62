/**
 * The house rules that a machine can hold, as tests over the source tree. Nothing here is used by the product; it may
 * read any file and imports no module of ours but {@code model}, whose tables it compares with documents.
 */
package celeriant.tidy;
