/** Under this name the store keeps who froze the installation; empty: nobody. */
export const FROZEN_KEY = 'frozen'
