import{B as a}from"./shared_3.mjs";import"./shared_4.mjs";import"./shared_8.mjs";import"./shared_1.mjs";export{a as scanAgents};
