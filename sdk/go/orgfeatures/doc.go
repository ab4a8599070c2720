// Declares how an AWS organization's features should be, and gets there.
package orgfeatures
