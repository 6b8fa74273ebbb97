export const FIRST_NAMES = (
  'Anna Ben Clara David Elena Felix Greta Hannes Ines Jonas Katrin Lukas Marie Nils Olga Paul Rosa Stefan Theresa Ulrich ' +
  'Amelia Benedict Charlotte Daniel Emily Freya George Harriet Isla Jack Lily Mason Nora Oliver Poppy Ruby Samuel Tilly ' +
  'Aarav Divya Ishaan Kavya Meera Nikhil Priya Rahul Sanjay Tara Camille Etienne Juliette Mathieu Manon Pierre Zoe ' +
  'Alejandro Beatriz Carlos Dolores Javier Lucia Marta Pablo Agnieszka Bartosz Ewa Jan Kinga Marek Piotr Zofia ' +
  'Chiara Davide Francesca Giulia Lorenzo Matteo Yuki Haruto Sakura Wei Li Mei Jun Fatima Hassan Layla Omar Amara Kofi'
).split(' ')

export const LAST_NAMES = (
  'Albrecht Bauer Brandt Dietrich Engel Fischer Graf Hoffmann Jung Keller Lang Maier Neumann Otto Peters Richter Schmitt ' +
  'Vogel Weber Ziegler Adams Baker Carter Dixon Edwards Foster Grant Hughes Irving Jenkins Knight Lawson Mitchell Norris ' +
  'Owens Parker Reed Shaw Turner Walsh Agarwal Banerjee Chopra Desai Iyer Kapoor Mehta Nair Patel Rao Sharma Bernard ' +
  'Chevalier Dubois Fontaine Girard Lambert Moreau Rousseau Alvarez Castillo Dominguez Fernandez Garcia Herrera Navarro ' +
  'Kowalska Lewandowski Nowak Wojcik Zielinski Bianchi Conti Esposito Marino Ricci Tanaka Sato Suzuki Wang Zhang Chen Liu ' +
  'Haddad Khalil Mansour Mensah Okafor Diallo Lindqvist Nilsson Hansen Virtanen'
).split(' ')

export const DEPARTMENTS: readonly { name: string; titles: readonly string[] }[] = [
  { name: 'Sales', titles: ['Account Executive', 'Sales Manager', 'Inside Sales Representative'] },
  { name: 'Finance', titles: ['Accountant', 'Controller', 'Payroll Clerk'] },
  { name: 'Production', titles: ['Shift Lead', 'Machine Operator', 'Process Engineer'] },
  { name: 'Logistics', titles: ['Dispatcher', 'Warehouse Lead', 'Customs Clerk'] },
  { name: 'Human Resources', titles: ['Recruiter', 'HR Business Partner'] },
  { name: 'Marketing', titles: ['Content Editor', 'Campaign Manager'] },
  { name: 'Research', titles: ['Scientist', 'Laboratory Technician', 'Development Engineer'] },
  { name: 'Customer Service', titles: ['Support Agent', 'Team Lead'] },
  { name: 'Legal', titles: ['Counsel', 'Paralegal'] },
]

export interface Office {
  name: string
  city: string
  country: string
  /** Hours ahead of UTC. */
  offset: number
  /** What the mobile numbers of the country look like; `trunk` is dialled in front at home. */
  mobile: { code: string; trunk: string; prefix: string; digits: number }
  network: string
}

export const OFFICES: readonly Office[] = [
  {
    name: 'Munich',
    city: 'Munich',
    country: 'DE',
    offset: 1,
    mobile: { code: '+49', trunk: '0', prefix: '151', digits: 8 },
    network: '203.0.113',
  },
  {
    name: 'Hamburg',
    city: 'Hamburg',
    country: 'DE',
    offset: 1,
    mobile: { code: '+49', trunk: '0', prefix: '172', digits: 7 },
    network: '203.0.113',
  },
  {
    name: 'London',
    city: 'London',
    country: 'GB',
    offset: 0,
    mobile: { code: '+44', trunk: '0', prefix: '79111', digits: 5 },
    network: '198.51.100',
  },
  {
    name: 'Warsaw',
    city: 'Warsaw',
    country: 'PL',
    offset: 1,
    mobile: { code: '+48', trunk: '', prefix: '601', digits: 6 },
    network: '192.0.2',
  },
  {
    name: 'Boston',
    city: 'Boston',
    country: 'US',
    offset: -5,
    mobile: { code: '+1', trunk: '', prefix: '61755', digits: 5 },
    network: '198.51.100',
  },
  {
    name: 'Pune',
    city: 'Pune',
    country: 'IN',
    offset: 5.5,
    mobile: { code: '+91', trunk: '0', prefix: '98200', digits: 5 },
    network: '192.0.2',
  },
]
