import{d as r,e as t}from"./shared_2.mjs";import"./shared_6.mjs";import"./shared_4.mjs";import"./shared_1.mjs";await t(r);
