/** Rows that no machine sees the end of: 50,000 million. A test that ends such a search does not depend on how soon it does so. */
export const ENDLESS = '| makeresults count=50000 | eval x=mvrange(0,1000), y=x | mvexpand x | mvexpand y'
