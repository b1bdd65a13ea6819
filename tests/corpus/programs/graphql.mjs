import { buildSchema, execute, graphql, GraphQLObjectType, GraphQLSchema, GraphQLString, parse, print, validate, visit, introspectionFromSchema, printSchema } from 'graphql';

const schema = buildSchema('type Query { hello(name: String = "you"): String, list: [Item!]! } type Item { id: ID! }');
console.log(JSON.stringify(await graphql({ schema, source: '{ hello(name: "me") list { id __typename } }', rootValue: { hello: ({ name }) => `hi ${name}`, list: [{ id: 1 }, { id: 2 }] } })));
console.log(validate(schema, parse('{ nope }')).map((error) => error.message), print(visit(parse('{ a { b } }'), { Field: (node) => (node.name.value === 'b' ? null : undefined) })));
const own = new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Q', fields: { x: { type: GraphQLString, resolve: async () => 'async' } } }) });
console.log(JSON.stringify(await execute({ schema: own, document: parse('{ x }') })), printSchema(own), introspectionFromSchema(own).__schema.types.length);
